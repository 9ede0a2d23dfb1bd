/**
 * Merging data files: which ones ({@link io.streamhouse.compact.CompactionPolicy}), how ({@link
 * io.streamhouse.compact.CompactionRewrite}), and how the result gets into the table beside running writers ({@link
 * io.streamhouse.compact.TableCompactor}).
 */
package io.streamhouse.compact;
