package org.snnk.jobs.bench;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import java.lang.reflect.Field;
import java.util.List;

/**
 * Which BLAS Spark MLlib calls in this process.
 *
 * <p>Spark keeps its choice in a private field of two objects and has no setting for it, so the
 * field is set by reflection. It is set in the tasks themselves, before the first row, since
 * executors are processes of their own.
 */
final class PeerBlas {
  private static final List<String> OBJECTS =
      List.of("org.apache.spark.ml.linalg.BLAS$", "org.apache.spark.mllib.linalg.BLAS$");

  private static BLAS inUse;

  private PeerBlas() {}

  /** Makes MLlib use the native BLAS of this process, or netlib's pure-Java one. */
  static synchronized void use(boolean nativeCode) {
    BLAS wanted = nativeCode ? Dsyrk.blas() : JavaBLAS.getInstance();
    if (wanted == inUse) {
      return;
    }
    try {
      for (String object : OBJECTS) {
        Field field = Class.forName(object).getDeclaredField("_nativeBLAS");
        field.setAccessible(true);
        field.set(null, wanted);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Spark keeps its BLAS elsewhere: " + e, e);
    }
    inUse = wanted;
  }
}
