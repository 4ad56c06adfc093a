package org.snnk.jobs;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigParseable;
import java.io.File;
import java.util.List;
import org.snnk.SnnkException;

/**
 * Includes a file beside the including one, and stops where it is not there.
 *
 * <p>HOCON itself passes over an include that does not exist; a misspelt one would silently lose
 * its settings.
 */
final class StrictIncluder implements ConfigIncluder, ConfigIncluderFile {
  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return this;
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    for (String name : List.of(what, what + ".conf")) {
      ConfigParseable beside = context.relativeTo(name);
      String file = beside == null ? null : beside.origin().filename();
      if (file != null && new File(file).isFile()) {
        return beside.parse(strict(context));
      }
    }
    throw missing(what);
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    if (!what.isFile()) {
      throw missing(what.getPath());
    }
    return ConfigFactory.parseFile(what, strict(context)).root();
  }

  private static SnnkException missing(String what) {
    return new SnnkException(
        "include \"" + what + "\"",
        "a file, named from the folder of the including one",
        "none",
        null,
        "Correct the name.");
  }

  private ConfigParseOptions strict(ConfigIncludeContext context) {
    return context.parseOptions().setAllowMissing(false).setIncluder(this);
  }
}
