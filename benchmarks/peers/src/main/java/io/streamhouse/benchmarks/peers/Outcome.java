package io.streamhouse.benchmarks.peers;

/** What may come of a read of a harmed table. */
enum Outcome {
    RIGHT("right"),
    NAMED("names the file"),
    OTHER_ERROR("other error"),
    WRONG("wrong answer"),
    HANG("hang"),
    OUT_OF_MEMORY("OOM"),
    DEATH("JVM death");

    final String words;

    Outcome(String words) {
        this.words = words;
    }

    static Outcome of(String answer, String right) {
        if (answer.equals(ChildJvm.DEAD)) {
            return DEATH;
        }
        if (answer.equals(ChildJvm.LATE)) {
            return HANG;
        }
        if (answer.startsWith(PeerProcess.ANSWER)) {
            return answer.equals(PeerProcess.ANSWER + right) ? RIGHT : WRONG;
        }
        return answer.startsWith(PeerProcess.OUT_OF_MEMORY)
                ? OUT_OF_MEMORY
                : answer.startsWith(PeerProcess.NAMED) ? NAMED : OTHER_ERROR;
    }
}
