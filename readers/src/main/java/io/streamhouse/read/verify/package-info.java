/**
 * Proof that a table is what its metadata says: every object that a snapshot names stands with its length and checksum, rows
 * and keys are as many and as distinct as recorded, and the changelog folds to the table.
 */
@OpenPackage
package io.streamhouse.read.verify;

import io.streamhouse.spec.OpenPackage;
