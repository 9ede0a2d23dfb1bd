package io.streamhouse.columnar;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;

/** ORC is optional: only who writes or reads an ORC file needs its jars. */
final class OrcJars {
    private static final String[] WITNESSES = {
        "org.apache.orc.OrcFile", "org.apache.orc.OrcProto", "org.apache.hadoop.conf.Configuration"
    };

    private OrcJars() {}

    static void require() {
        for (String witness : WITNESSES) {
            try {
                // initialised, because hadoop-client-api alone cannot link its own classes
                Class.forName(witness, true, OrcJars.class.getClassLoader());
            } catch (ClassNotFoundException | LinkageError e) {
                throw new StreamhouseException(
                        ErrorCode.BAD_OPTION_VALUE,
                        ("file.format = orc needs the jars orc-core (nohive), orc-format, orc-shims, hadoop-client-api"
                                        + " and hadoop-client-runtime on the class path; class %s is missing")
                                .formatted(witness),
                        e);
            }
        }
    }
}
