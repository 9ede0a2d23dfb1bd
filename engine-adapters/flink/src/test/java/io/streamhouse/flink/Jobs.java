package io.streamhouse.flink;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.table.api.TableResult;

/** Running jobs of a test; every wait has an end. */
final class Jobs {
    private static final Duration LIMIT = Duration.ofSeconds(Long.getLong("streamhouse.test.wait", 180));

    private Jobs() {}

    static JobClient of(TableResult result) {
        return result.getJobClient().orElseThrow();
    }

    /** Waits until the condition holds; fails with what it was waiting for. */
    static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited " + LIMIT + " in vain until " + what);
            }
            LockSupport.parkNanos(10_000_000L);
        }
    }

    /** As {@link #await(String, Callable)}; the end of the job ends the wait. */
    static void await(String what, JobClient job, Callable<Boolean> condition) throws Exception {
        await(what, () -> {
            if (job.getJobStatus().get() == JobStatus.FAILED) {
                throw new AssertionError("waiting until " + what + " the job failed: " + failure(job));
            }
            return condition.call();
        });
    }

    static String stop(JobClient job, Path savepoints) throws Exception {
        return job.stopWithSavepoint(false, savepoints.toUri().toString(), SavepointFormatType.CANONICAL)
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    static String savepoint(JobClient job, Path savepoints) throws Exception {
        return job.triggerSavepoint(savepoints.toUri().toString(), SavepointFormatType.CANONICAL)
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    static void cancel(JobClient job) throws Exception {
        if (!job.getJobStatus().get().isGloballyTerminalState()) {
            job.cancel().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
        await("the job has ended", () -> job.getJobStatus().get().isGloballyTerminalState());
    }

    /** Attempts of a job after the first. */
    static int attempts(JobClient job) throws Exception {
        return TestCluster.get().getExecutionGraph(job.getJobID()).get().getAllVertices().values().stream()
                .mapToInt(
                        v -> v.getTaskVertices()[0].getCurrentExecutionAttempt().getAttemptNumber())
                .max()
                .orElse(0);
    }

    /** Waits for the failure of a job; its messages. */
    static String failure(JobClient job) throws Exception {
        await("the job fails", () -> job.getJobStatus().get() == JobStatus.FAILED);
        try {
            job.getJobExecutionResult().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            throw new AssertionError("the job did not fail");
        } catch (java.util.concurrent.ExecutionException e) {
            return SqlSession.messages(e);
        }
    }
}
