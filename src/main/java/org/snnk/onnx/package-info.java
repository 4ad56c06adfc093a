/**
 * Models as ONNX files, which other runtimes score with.
 *
 * <p>Entry class: {@link org.snnk.onnx.OnnxModel}. A model expresses itself in {@link
 * org.snnk.linalg.BlockOperations}, and this room turns those into the nodes of a graph; it knows
 * nothing of feature maps and layers. Imports {@code linalg} and {@code model}, protobuf's wire
 * format and Jackson; no Spark.
 */
package org.snnk.onnx;
