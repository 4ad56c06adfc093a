package org.snnk.dataset;

/** What is learned from a set. */
public enum Task {
  /** One of two or more classes. */
  CLASSIFICATION,
  /** One or more real numbers. */
  REGRESSION
}
