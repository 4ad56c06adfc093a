/**
 * Spark MLlib's own learners as contenders of a comparison: the same rows, the same standardised
 * inputs, the same validation part.
 *
 * <p>{@link org.snnk.spark.peer.PeerTraining} is the entry. May import Spark, Hadoop and the rooms
 * of rows and statistics; holds no arithmetic but a standardisation's unit.
 */
package org.snnk.spark.peer;
