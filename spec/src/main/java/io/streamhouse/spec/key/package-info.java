/** Normalised keys in memcmp order, buckets and digests; one encoding for keys and partition tuples. */
@OpenPackage
package io.streamhouse.spec.key;

import io.streamhouse.spec.OpenPackage;
