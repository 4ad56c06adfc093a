/**
 * From files and data frames to row blocks.
 *
 * <p>Entry classes: {@link org.snnk.spark.data.TableReader} (files to a {@link
 * org.snnk.spark.data.Table}) and {@link org.snnk.spark.data.RowBlocks} (a table to blocks). Only
 * moves and checks rows; all arithmetic is in the rooms without Spark.
 */
package org.snnk.spark.data;
