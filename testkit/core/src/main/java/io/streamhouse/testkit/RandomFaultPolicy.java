package io.streamhouse.testkit;

import java.util.Optional;
import java.util.SplittableRandom;

/** Draws one number per call, so that equal sequences of calls meet equal faults. */
final class RandomFaultPolicy implements FaultPolicy {
    private static final int MAX_DELAY_CALLS = 20;

    private final SplittableRandom random;
    private final FaultRates rates;

    RandomFaultPolicy(long seed, FaultRates rates) {
        this.random = new SplittableRandom(seed);
        this.rates = rates;
    }

    @Override
    public Optional<Fault> next(StoreCall call, String path) {
        double draw = random.nextDouble();
        if (!call.isMutating()) {
            if (draw < rates.readError()) {
                return Optional.of(Fault.ERROR_BEFORE);
            }
            draw -= rates.readError();
            if (call == StoreCall.READ && draw < rates.of(Fault.FLIPPED_BIT)) {
                return Optional.of(Fault.FLIPPED_BIT);
            }
            return call == StoreCall.LIST && draw < rates.of(Fault.STALE_LISTING)
                    ? Optional.of(Fault.STALE_LISTING)
                    : Optional.empty();
        }
        for (Fault fault : Fault.values()) {
            double rate = rates.ofMutating(fault);
            if (draw < rate) {
                return Optional.of(fault);
            }
            draw -= rate;
        }
        return Optional.empty();
    }

    @Override
    public int delayCalls() {
        return random.nextInt(1, MAX_DELAY_CALLS + 1);
    }

    @Override
    public int flippedBit(int bits) {
        return random.nextInt(bits);
    }
}
