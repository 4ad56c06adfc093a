package org.snnk.jobs.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One row of the table.
 *
 * @param measure the group that it belongs to
 * @param name of the row
 * @param ours what the library does
 * @param reference what it is divided by, in the same unit
 * @param target what the ratio should be; empty for a figure that is only told
 * @param details how it was measured, such as rows and partitions
 */
public record Result(
    Measure measure,
    String name,
    Quantity ours,
    Quantity reference,
    Optional<Target> target,
    Map<String, Object> details) {

  /** Checks the units. */
  public Result {
    if (!ours.unit().equals(reference.unit())) {
      throw new IllegalArgumentException(name + ": " + ours.unit() + " / " + reference.unit());
    }
  }

  /** Ours divided by the reference. */
  public double ratio() {
    return ours.value() / reference.value();
  }

  /** Whether the target is met; empty where there is none. */
  public Optional<Boolean> met() {
    return target.map(wanted -> wanted.metBy(ratio()));
  }

  /** The row as JSON shows it. */
  public Map<String, Object> plain() {
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put("measure", measure.key());
    plain.put("name", name);
    plain.put("ours", plain(ours));
    plain.put("reference", plain(reference));
    plain.put("ratio", ratio());
    plain.put("target", target.map(Target::toString).orElse(null));
    plain.put("met", met().orElse(null));
    plain.put("details", details);
    return plain;
  }

  private static Map<String, Object> plain(Quantity quantity) {
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put("value", quantity.value());
    plain.put("unit", quantity.unit());
    plain.put("what", quantity.what());
    plain.put("samples", quantity.samples());
    return plain;
  }

  /** Details in the order given: key, value, key, value. */
  static Map<String, Object> details(Object... keysAndValues) {
    Map<String, Object> details = new LinkedHashMap<>();
    List<Object> list = List.of(keysAndValues);
    for (int i = 0; i < list.size(); i += 2) {
      details.put((String) list.get(i), list.get(i + 1));
    }
    return details;
  }
}
