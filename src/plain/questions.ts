/** Asks a person at a terminal, one question after the other. */
export type Prompts = {
	/** Some of a list; `chosen` are marked at the start. `check` says in a sentence what is wrong. */
	many(question: {
		readonly text: string;
		readonly options: readonly {readonly value: string; readonly label: string}[];
		readonly chosen: readonly string[];
		readonly check: (values: readonly string[]) => string | undefined;
	}): Promise<readonly string[]>;
	/** One of a list. */
	one<V extends string>(question: {
		readonly text: string;
		readonly options: readonly {readonly value: V; readonly label: string; readonly hint?: string}[];
		readonly chosen?: V;
	}): Promise<V>;
	/** A line of text. */
	line(question: {
		readonly text: string;
		readonly start?: string;
		readonly check: (value: string) => string | undefined;
	}): Promise<string>;
};

/** Thrown where the person pressed Ctrl+C at a question. */
export class Cancelled extends Error {
	override readonly name = 'Cancelled';
}
