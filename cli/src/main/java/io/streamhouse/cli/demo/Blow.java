package io.streamhouse.cli.demo;

/** A kill that waits for what it is to hit; who is to be hit tells it how far he is. Used by one thread. */
interface Blow {
    /** None: nobody kills. */
    Blow NONE = new Blow() {
        @Override
        public void begun() {
            // nothing waits for it
        }

        @Override
        public void now() {
            // nothing waits for it
        }
    };

    /** What is to be hit has begun: the delay of the kill counts from here. */
    void begun();

    /** It may end soon: the kill comes now, unless it has come already. */
    void now();
}
