/**
 * The object store on HDFS. Hadoop's client comes from whoever runs us; {@link io.streamhouse.storage.hadoop.HadoopStoreProvider}
 * is found by {@code ObjectStores} and is the only door.
 */
package io.streamhouse.storage.hadoop;
