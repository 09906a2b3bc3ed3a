/** Where the cursor of a list stands and what the list is filtered by. */
export type ListState = {
	readonly cursor: number;
	readonly filter: string;
	/** Whether keys go into the filter. */
	readonly filtering: boolean;
};

export const emptyList: ListState = {cursor: 0, filter: '', filtering: false};

/** How a key moves a cursor or a scrolled text. */
export type Move = 'up' | 'down' | 'page-up' | 'page-down' | 'first' | 'last';

/** The position after a move, within 0 … count - 1; `page` is the number of visible rows. */
export function moved(position: number, move: Move, count: number, page: number): number {
	const last = Math.max(0, count - 1);
	const step = Math.max(1, page - 1);
	switch (move) {
		case 'up':
			return clamp(position - 1, 0, last);
		case 'down':
			return clamp(position + 1, 0, last);
		case 'page-up':
			return clamp(position - step, 0, last);
		case 'page-down':
			return clamp(position + step, 0, last);
		case 'first':
			return 0;
		case 'last':
			return last;
	}
}

/** The rows of a long list that fit: the cursor stays in the middle, except at both ends. */
export function windowOf(
	cursor: number,
	count: number,
	height: number,
): {readonly start: number; readonly end: number} {
	const size = Math.max(1, height);
	const start = clamp(cursor - Math.floor(size / 2), 0, Math.max(0, count - size));
	return {start, end: Math.min(count, start + size)};
}

/** Whether any of a row's texts holds the filter; capitals do not count. */
export function matchesFilter(filter: string, texts: readonly (string | null)[]): boolean {
	const wanted = filter.trim().toLowerCase();
	return wanted === '' || texts.some(text => text?.toLowerCase().includes(wanted));
}

export function clamp(value: number, low: number, high: number): number {
	return Math.min(high, Math.max(low, value));
}
