package io.streamhouse.testkit;

/**
 * Probabilities of faults per call, 0 to 1; those of a mutating call add up to at most 1.
 *
 * @param errorBefore of a mutating call: {@link Fault#ERROR_BEFORE}
 * @param responseLost of a mutating call: {@link Fault#RESPONSE_LOST}
 * @param appliedLater of a mutating call: {@link Fault#APPLIED_LATER}
 * @param crashBefore of a mutating call: {@link Fault#CRASH_BEFORE}
 * @param crashAfter of a mutating call: {@link Fault#CRASH_AFTER}
 * @param readError of a call that changes nothing: {@link Fault#ERROR_BEFORE}
 * @param noSpace of a mutating call: {@link Fault#NO_SPACE}
 * @param flippedBit of a read: {@link Fault#FLIPPED_BIT}
 * @param staleListing of a listing: {@link Fault#STALE_LISTING}
 * @param doneTwice of a mutating call: {@link Fault#DONE_TWICE}
 */
public record FaultRates(
        double errorBefore,
        double responseLost,
        double appliedLater,
        double crashBefore,
        double crashAfter,
        double readError,
        double noSpace,
        double flippedBit,
        double staleListing,
        double doneTwice) {
    public static final FaultRates NONE = new FaultRates(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public FaultRates {
        double[] rates = {
            errorBefore,
            responseLost,
            appliedLater,
            crashBefore,
            crashAfter,
            readError,
            noSpace,
            flippedBit,
            staleListing,
            doneTwice
        };
        double mutating = -readError - flippedBit - staleListing;
        for (double rate : rates) {
            if (!(rate >= 0 && rate <= 1)) {
                throw new IllegalArgumentException("rate %s is not 0 to 1".formatted(rate));
            }
            mutating += rate;
        }
        if (mutating > 1 + 1e-9) {
            throw new IllegalArgumentException("rates of mutating calls add up to %s".formatted(mutating));
        }
    }

    public FaultRates withErrorBefore(double rate) {
        return new FaultRates(
                rate,
                responseLost,
                appliedLater,
                crashBefore,
                crashAfter,
                readError,
                noSpace,
                flippedBit,
                staleListing,
                doneTwice);
    }

    public FaultRates withResponseLost(double rate) {
        return new FaultRates(
                errorBefore,
                rate,
                appliedLater,
                crashBefore,
                crashAfter,
                readError,
                noSpace,
                flippedBit,
                staleListing,
                doneTwice);
    }

    public FaultRates withAppliedLater(double rate) {
        return new FaultRates(
                errorBefore,
                responseLost,
                rate,
                crashBefore,
                crashAfter,
                readError,
                noSpace,
                flippedBit,
                staleListing,
                doneTwice);
    }

    public FaultRates withCrashes(double before, double after) {
        return new FaultRates(
                errorBefore,
                responseLost,
                appliedLater,
                before,
                after,
                readError,
                noSpace,
                flippedBit,
                staleListing,
                doneTwice);
    }

    public FaultRates withReadError(double rate) {
        return new FaultRates(
                errorBefore,
                responseLost,
                appliedLater,
                crashBefore,
                crashAfter,
                rate,
                noSpace,
                flippedBit,
                staleListing,
                doneTwice);
    }

    public FaultRates withNoSpace(double rate) {
        return new FaultRates(
                errorBefore,
                responseLost,
                appliedLater,
                crashBefore,
                crashAfter,
                readError,
                rate,
                flippedBit,
                staleListing,
                doneTwice);
    }

    public FaultRates withFlippedBit(double rate) {
        return new FaultRates(
                errorBefore,
                responseLost,
                appliedLater,
                crashBefore,
                crashAfter,
                readError,
                noSpace,
                rate,
                staleListing,
                doneTwice);
    }

    public FaultRates withStaleListing(double rate) {
        return new FaultRates(
                errorBefore,
                responseLost,
                appliedLater,
                crashBefore,
                crashAfter,
                readError,
                noSpace,
                flippedBit,
                rate,
                doneTwice);
    }

    public FaultRates withDoneTwice(double rate) {
        return new FaultRates(
                errorBefore,
                responseLost,
                appliedLater,
                crashBefore,
                crashAfter,
                readError,
                noSpace,
                flippedBit,
                staleListing,
                rate);
    }
}
