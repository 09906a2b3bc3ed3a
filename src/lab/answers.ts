import type {LabCheck, LabLook} from './types.ts';

/** The number that an answer says: `4950`, `4,950`, `4 950`, `about 4950 sessions`; undefined where it says none, or several. */
export function numberIn(answer: string): number | undefined {
	const numbers = answer.match(/\d{1,3}(?:[,.' ]\d{3})+(?!\d)|\d+/g) ?? [];
	const [number] = numbers;
	return number === undefined || numbers.length > 1 ? undefined : Number(number.replaceAll(/\D/g, ''));
}

/** The answer in small letters, without what surrounds it. */
export function wordsIn(answer: string): string {
	return answer
		.toLowerCase()
		.replaceAll(/[^\p{L}\p{N}.:-]+/gu, ' ')
		.replaceAll(/\.+( |$)/g, ' ')
		.trim();
}

/** Holds once the question has the right answer. It never says what that is. */
export function answered(
	id: string,
	text: string,
	isRight: (answer: string, look: LabLook) => boolean,
	missing: string,
): LabCheck {
	return {
		text,
		judge: look => {
			const answer = look.answer(id);
			if (answer === '') return `You have not answered: lab answer ${id} …`;
			return isRight(answer, look) ? null : `${missing} You answered '${answer}'.`;
		},
	};
}
