package org.snnk.dataset;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.snnk.NearestName;
import org.snnk.SnnkException;

/**
 * What has to be known of a set to read its files, learn from it and cite it.
 *
 * <p>A pure value: no file is opened. Columns stand in the order of the files.
 *
 * @param name by which configurations refer to the set
 * @param title for people
 * @param task what is learned
 * @param columns all columns, labels included, in file order
 * @param labels the label column, or for several targets all of them with the default one first
 * @param classes of a classification set, in the order of their indices; empty for regression
 * @param header how a text file begins
 * @param separator between the values of a line
 * @param files as published; empty for a set that only the simulation makes
 * @param split the customary division into training and test rows
 * @param source where the set comes from
 */
public record DatasetDescriptor(
    String name,
    String title,
    Task task,
    List<Column> columns,
    List<String> labels,
    List<ClassLabel> classes,
    HeaderStyle header,
    char separator,
    List<DataFile> files,
    Split split,
    Source source) {

  /**
   * Copies the lists and checks that the parts fit together.
   *
   * @throws SnnkException for a repeated column, a label that is no column, or classes that do not
   *     suit the task
   */
  public DatasetDescriptor {
    columns = List.copyOf(columns);
    labels = List.copyOf(labels);
    classes = List.copyOf(classes);
    files = List.copyOf(files);
    String subject = "data set '" + name + "'";
    Set<String> names = new HashSet<>();
    for (Column column : columns) {
      if (!names.add(column.name())) {
        throw new SnnkException(
            subject, "distinct column names", "'" + column.name() + "' twice", null, "Rename one.");
      }
    }
    if (labels.isEmpty()) {
      throw new SnnkException(subject, "a label column", "none", null, "Name one of the columns.");
    }
    for (String label : labels) {
      if (!names.contains(label)) {
        throw unknownColumn(name, label, names);
      }
    }
    boolean suits = task == Task.CLASSIFICATION ? classes.size() >= 2 : classes.isEmpty();
    if (!suits) {
      throw new SnnkException(
          subject,
          task == Task.CLASSIFICATION ? "two or more classes" : "no classes for a regression",
          Integer.toString(classes.size()),
          null,
          "Change the task or the classes.");
    }
  }

  /** The default label column. */
  public String label() {
    return labels.get(0);
  }

  /** The names of all columns in file order. */
  public List<String> columnNames() {
    return columns.stream().map(Column::name).toList();
  }

  /** The columns that are no label, in file order: the inputs of a model. */
  public List<Column> inputs() {
    return columns.stream().filter(column -> !labels.contains(column.name())).toList();
  }

  /**
   * The position of a column in a line, from 0.
   *
   * @throws SnnkException where there is no such column; it names the nearest
   */
  public int position(String column) {
    int position = columnNames().indexOf(column);
    if (position < 0) {
      throw unknownColumn(name, column, columnNames());
    }
    return position;
  }

  /**
   * The index of a class from the text of its label; texts of the same number mean the same class,
   * so UCI's {@code 1.000000000000000000e+00} is {@code 1}.
   *
   * @return the index in {@link #classes()}, or −1 where the text names none of them
   */
  public int classIndex(String text) {
    String value = text.strip();
    for (int i = 0; i < classes.size(); i++) {
      if (classes.get(i).value().equals(value)) {
        return i;
      }
    }
    double number = number(value);
    for (int i = 0; i < classes.size(); i++) {
      if (number(classes.get(i).value()) == number) {
        return i;
      }
    }
    return -1;
  }

  /** The first line of a text file, or an empty string where there is none. */
  public String headerLine() {
    String names = String.join(String.valueOf(separator), columnNames());
    return switch (header) {
      case NONE -> "";
      case COMMENT -> "# " + names;
      case NAMES -> names;
    };
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException notANumber) {
      return Double.NaN; // equal to nothing, itself included
    }
  }

  private static SnnkException unknownColumn(
      String name, String column, Collection<String> columns) {
    String remedy = NearestName.question(column, columns, "Use one of the set's columns.");
    return new SnnkException(
        "data set '" + name + "'", "a known column", "'" + column + "'", null, remedy);
  }
}
