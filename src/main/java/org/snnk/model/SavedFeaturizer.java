package org.snnk.model;

import java.io.DataInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.snnk.SnnkException;
import org.snnk.feature.Featurizer;

/**
 * A featurizer with the names of its inputs, as it is saved.
 *
 * <p><b>Bytes</b>, version 1: the frame of a file with the characters {@code SNKF} around the
 * number of names (int), the names (modified UTF-8) and the {@link Featurizer}.
 */
public record SavedFeaturizer(List<String> inputNames, Featurizer featurizer) {
  private static final String KIND = "SNKF";
  private static final int VERSION = 1;

  /** Copies the names. */
  public SavedFeaturizer {
    inputNames = List.copyOf(inputNames);
  }

  /** The versioned bytes. */
  public byte[] toBytes() {
    return SealedBytes.seal(
        KIND,
        VERSION,
        out -> {
          out.writeInt(inputNames.size());
          for (String name : inputNames) {
            out.writeUTF(name);
          }
          featurizer.write(out);
        });
  }

  /**
   * Reads what {@link #toBytes} gave.
   *
   * @throws SnnkException if the bytes are damaged or of another version
   */
  public static SavedFeaturizer fromBytes(byte[] bytes, String where) {
    try {
      DataInput in = SealedBytes.open(bytes, KIND, VERSION, "features file", where);
      int count = in.readInt();
      List<String> names = new ArrayList<>();
      for (int j = 0; j < count; j++) {
        names.add(in.readUTF());
      }
      return new SavedFeaturizer(names, Featurizer.read(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
