/** Where a table is and how tasks open it: plain values that travel with the plan. */
package io.streamhouse.flink.table;
