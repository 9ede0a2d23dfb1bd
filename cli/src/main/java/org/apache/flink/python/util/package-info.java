/** The one class of flink-python that the SQL client touches, without flink-python. */
package org.apache.flink.python.util;
