package org.snnk.spark.ml;

/**
 * A stage's uid before the stage has it.
 *
 * <p>Spark's traits make their Params in the constructor of the superclass, and each asks {@code
 * uid()} for the stage it belongs to; in Java that runs before any field of the stage is set
 * (SPARK-15605), so it would get null. An argument of {@code this(…)} is evaluated earlier still.
 * So every stage is written like this, and nowhere else is anything to be known about it:
 *
 * <pre>{@code
 * private final String uid;
 *
 * public Stage(String uid) {
 *   this(EarlyUid.announce(uid));
 * }
 *
 * private Stage(EarlyUid early) {
 *   this.uid = early.settle();
 * }
 *
 * public String uid() {
 *   return EarlyUid.or(uid);
 * }
 * }</pre>
 */
final class EarlyUid {
  private static final ThreadLocal<String> ANNOUNCED = new ThreadLocal<>();

  private final String uid;

  private EarlyUid(String uid) {
    this.uid = uid;
  }

  /** To be called as an argument of {@code this(…)}. */
  static EarlyUid announce(String uid) {
    ANNOUNCED.set(uid);
    return new EarlyUid(uid);
  }

  /** What to set the field to, once the superclass is constructed. */
  String settle() {
    ANNOUNCED.remove();
    return uid;
  }

  /** The field, or while it is not set the uid that was announced. */
  static String or(String field) {
    return field == null ? ANNOUNCED.get() : field;
  }
}
