/** One session or block that a gate still waits for, and why, in words. */
export type Waiting = {
	readonly node: string;
	/** The protocol (`Node_172_31_40_30`) or the block (`10.65.0.64/26`). */
	readonly what: string;
	readonly reason: string;
};
