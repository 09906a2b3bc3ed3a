/** Time as everything that waits sees it: real, faster for practice, or stepped by tests. */
export type Clock = {
	/** Milliseconds since the epoch, on this clock. */
	now(): number;
	/** Waits that many milliseconds of this clock; rejects with the signal's reason when it aborts. */
	sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
};
