package org.snnk.spark;

import org.apache.spark.sql.SparkSession;

/** One local session, shared by every Spark test of this JVM. */
public final class LocalSpark {
  private LocalSpark() {}

  /** The session, started on first use. */
  public static SparkSession session() {
    return SparkSession.builder()
        .master("local[2,4]") // a task may fail three times, as on a cluster
        .appName("snnk tests")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.caseSensitive", "true")
        .config("spark.sql.debug.maxToStringFields", "1000")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.default.parallelism", "2")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate();
  }
}
