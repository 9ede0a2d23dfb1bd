/**
 * Objects on S3 and what speaks its protocol: conditional puts as the commit primitive, ranged reads, uploads in parts,
 * and tries again that this module decides itself. Its door is the provider that {@code ObjectStores} finds.
 */
package io.streamhouse.storage.s3;
