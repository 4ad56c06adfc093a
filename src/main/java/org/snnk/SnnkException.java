package org.snnk;

/**
 * An error that a user can act upon: <i>subject: expected E, got A (where). Remedy.</i>
 *
 * <p>The message never holds the contents of a row beyond the one offending value. Rooms subclass
 * it where a caller may want to tell the cases apart.
 */
public class SnnkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String subject;

  /**
   * An error with all its parts.
   *
   * @param subject what is wrong, such as {@code features column 'x'}
   * @param expected what would have been right
   * @param got what came instead
   * @param where the place (file and row, key and line), or null where there is none
   * @param remedy what the user can do, one sentence with its full stop
   */
  public SnnkException(String subject, String expected, String got, String where, String remedy) {
    this(subject, sentence(subject, expected, got, where, remedy), null);
  }

  /** An error whose sentence is already written. */
  protected SnnkException(String subject, String message, Throwable cause) {
    super(message, cause);
    this.subject = subject;
  }

  /** What is wrong: the first words of the message. */
  public final String subject() {
    return subject;
  }

  private static String sentence(
      String subject, String expected, String got, String where, String remedy) {
    String place = where == null ? "" : " (" + where + ")";
    return subject + ": expected " + expected + ", got " + got + place + ". " + remedy;
  }
}
