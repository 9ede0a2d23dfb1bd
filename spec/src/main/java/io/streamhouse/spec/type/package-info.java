/** Types and schemas of tables: what a column is, and which columns are keys. */
@OpenPackage
package io.streamhouse.spec.type;

import io.streamhouse.spec.OpenPackage;
