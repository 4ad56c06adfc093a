package org.snnk.jobs;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.snnk.SnnkException;
import org.snnk.spark.train.Checkpoints;

/**
 * Checkpoints in a folder of their own, each replaced by renaming: a process that is killed leaves
 * the former one.
 */
final class CheckpointFolder implements Checkpoints {
  private static final String SUFFIX = ".checkpoint";

  private final FileContext files;
  private final Path folder;
  private final boolean resume;

  private CheckpointFolder(FileContext files, Path folder, boolean resume) {
    this.files = files;
    this.folder = folder;
    this.resume = resume;
  }

  /**
   * The checkpoint that the options name; none where they name no folder.
   *
   * @throws SnnkException if the folder has a checkpoint that is not to be resumed
   */
  static Checkpoints of(JobContext context) {
    Optional<String> folder = context.get(Options.SGD_CHECKPOINT);
    boolean resume = context.get(Options.SGD_RESUME);
    if (folder.isEmpty()) {
      if (resume) {
        throw context
            .settings()
            .error(
                Options.SGD_RESUME,
                "false without sgd.checkpoint",
                "true",
                "Set sgd.checkpoint to the folder of the former training's checkpoints.");
      }
      return NONE;
    }
    try {
      Configuration hadoop = JobContext.hadoopConfiguration();
      Path given = new Path(folder.get());
      Path absolute = given.getFileSystem(hadoop).makeQualified(given);
      FileContext files = FileContext.getFileContext(absolute.toUri(), hadoop);
      if (!resume && files.util().exists(absolute) && hasCheckpoint(files, absolute)) {
        throw context
            .settings()
            .error(
                Options.SGD_CHECKPOINT,
                "a folder without a checkpoint",
                "one with a checkpoint",
                "Set sgd.resume=true to go on from it, or name another folder.");
      }
      return new CheckpointFolder(files, absolute, resume);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean hasCheckpoint(FileContext files, Path folder) throws IOException {
    var children = files.listStatus(folder);
    while (children.hasNext()) {
      if (children.next().getPath().getName().endsWith(SUFFIX)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Optional<byte[]> read(String name) {
    if (!resume) {
      return Optional.empty();
    }
    try (InputStream in = files.open(new Path(folder, name + SUFFIX))) {
      return Optional.of(in.readAllBytes());
    } catch (FileNotFoundException none) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void write(String name, byte[] bytes) {
    Path file = new Path(folder, name + SUFFIX);
    Path temporary = new Path(folder, "." + name + ".tmp");
    try {
      try (OutputStream out =
          files.create(
              temporary,
              java.util.EnumSet.of(
                  org.apache.hadoop.fs.CreateFlag.CREATE,
                  org.apache.hadoop.fs.CreateFlag.OVERWRITE),
              CreateOpts.createParent())) {
        out.write(bytes);
      }
      files.rename(temporary, file, Rename.OVERWRITE);
    } catch (IOException e) {
      throw new UncheckedIOException("checkpoint " + file, e);
    }
  }
}
