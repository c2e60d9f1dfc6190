package io.tributary.archive.task;

import java.io.IOException;
import java.util.List;

/** Where tasks wait for an invocation of their own; SQS in AWS. Each may be delivered more than once, in any order. */
public interface TaskQueue {
    /** @throws IOException if not all were accepted: the caller is repeated */
    void send(List<Task> tasks) throws IOException;
}
