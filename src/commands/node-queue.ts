/** Milliseconds that a node may keep those behind it waiting. */
const patience = 500;

/** Shows nodes as they come to be known. */
export type NodeQueue = {
	/** The node is known now. */
	readonly add: (name: string) => void;
	/** Nobody else comes: shows what is left. */
	readonly end: () => void;
};

/** Nodes in their order, each as soon as all before it are shown; one that keeps the others waiting comes when it comes. */
export function createNodeQueue(names: readonly string[], show: (name: string) => void): NodeQueue {
	const known = new Set<string>();
	const late = new Set<string>();
	let next = 0;
	let shown = 0;
	let timer: NodeJS.Timeout | undefined;
	const showNow = (name: string): void => {
		shown += 1;
		show(name);
	};
	const flush = (): void => {
		clearTimeout(timer);
		for (let name = names[next]; name !== undefined && known.has(name); name = names[next]) {
			next += 1;
			showNow(name);
		}
		if (known.size > shown) timer = setTimeout(skip, patience);
	};
	const skip = (): void => {
		const name = names[next];
		if (name !== undefined) late.add(name);
		next += 1;
		flush();
	};
	return {
		add(name) {
			known.add(name);
			if (late.has(name)) showNow(name);
			else flush();
		},
		end() {
			clearTimeout(timer);
			for (const name of [...names.slice(next), ...late]) if (!known.has(name) || !late.has(name)) showNow(name);
		},
	};
}
