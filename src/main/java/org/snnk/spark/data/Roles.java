package org.snnk.spark.data;

import java.io.Serializable;
import java.util.List;

/**
 * What the columns of a table are for.
 *
 * @param inputs the d input columns in the order of the model
 * @param targets the label column, or the k target columns; empty where a table is only scored
 * @param classes the labels of the classes in the order of their index; empty for regression
 * @param weight the weight column, or null
 */
public record Roles(List<String> inputs, List<String> targets, List<String> classes, String weight)
    implements Serializable {

  /** Copies the lists. */
  public Roles {
    inputs = List.copyOf(inputs);
    targets = List.copyOf(targets);
    classes = List.copyOf(classes);
  }

  /** Whether the target is a class. */
  public boolean classification() {
    return !classes.isEmpty();
  }
}
