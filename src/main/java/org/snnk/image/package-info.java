/**
 * Grey pictures as functions of two coordinates: reading and writing PNG, their pixels as rows,
 * their gradients, and how far one is from another.
 *
 * <p>Entry class: {@link org.snnk.image.GrayImage}. Imports {@code linalg} and the JDK's {@code
 * javax.imageio}; no Spark.
 */
package org.snnk.image;
