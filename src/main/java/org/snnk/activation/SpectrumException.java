package org.snnk.activation;

import org.snnk.SnnkException;

/** A function that has no spectrum to draw frequencies from; the message says what to take. */
public final class SpectrumException extends SnnkException {
  private static final long serialVersionUID = 1L;

  SpectrumException(String name, String expected, String got, String where, String remedy) {
    super("spectrum of '" + name + "'", expected, got, where, remedy);
  }
}
