package org.snnk;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * The name that a user probably meant.
 *
 * <p>Optimal string alignment distance: the fewest insertions, deletions, substitutions and swaps
 * of neighbours that turn one name into the other (Damerau 1964; Levenshtein 1966), where upper and
 * lower case count as the same letter.
 *
 * <p><b>Cost</b>: |a|·|b| steps a candidate. <b>Deterministic</b>: of two candidates equally near,
 * the one that stands first in the alphabet.
 */
public final class NearestName {
  private NearestName() {}

  /**
   * The candidate nearest to a name.
   *
   * @param name what the user wrote
   * @param candidates the valid names
   * @return the nearest candidate, or empty where each needs more edits than half the longer name
   *     has letters: then a suggestion would mislead
   */
  public static Optional<String> of(String name, Collection<String> candidates) {
    String nearest = null;
    int least = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      int edits = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      boolean plausible = 2 * edits <= Math.max(name.length(), candidate.length());
      boolean better = edits < least || (edits == least && candidate.compareTo(nearest) < 0);
      if (plausible && better) {
        nearest = candidate;
        least = edits;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /** "Did you mean 'x'?" where a candidate is near, else what is said instead. */
  public static String question(String name, Collection<String> candidates, String otherwise) {
    return of(name, candidates).map(near -> "Did you mean '" + near + "'?").orElse(otherwise);
  }

  private static int distance(String a, String b) {
    int[] beforePrevious = new int[b.length() + 1];
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int edits = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        current[j] = swapped ? Math.min(edits, beforePrevious[j - 2] + 1) : edits;
      }
      int[] recycled = beforePrevious;
      beforePrevious = previous;
      previous = current;
      current = recycled;
    }
    return previous[b.length()];
  }
}
