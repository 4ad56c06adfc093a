package org.snnk.feature;

import org.snnk.SnnkException;

/** A layer that no affordable number of unbiased random features replaces. */
public final class InfeasibleReplacementException extends SnnkException {
  private static final long serialVersionUID = 1L;

  InfeasibleReplacementException(String subject, String expected, String got, String remedy) {
    super(subject, expected, got, null, remedy);
  }
}
