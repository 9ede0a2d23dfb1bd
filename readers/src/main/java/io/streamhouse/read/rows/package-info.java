/** Rows out of data files: ranges without their masked positions, single positions, and what can be left unread. */
package io.streamhouse.read.rows;
