import {NotModelledError} from '../datastore/errors.ts';

export type Labels = Readonly<Record<string, string>>;

/** A label selector of Kubernetes, which is not Calico's: `a=b,c!=d,e in (f,g),!h`. @throws NotModelledError */
export function labelSelector(text: string): (labels: Labels) => boolean {
	const requirements = splitRequirements(text).map(requirement);
	return labels => requirements.every(holds => holds(labels));
}

function splitRequirements(text: string): readonly string[] {
	// A comma inside of brackets separates values, not requirements.
	const parts = text.match(/(?:[^,(]|\([^)]*\))+/g) ?? [];
	return parts.map(part => part.trim()).filter(part => part !== '');
}

function requirement(text: string): (labels: Labels) => boolean {
	const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(text);
	if (set) {
		const [, key = '', operator, list = ''] = set;
		const values = list.split(',').map(value => value.trim());
		const isIn = (labels: Labels): boolean => Object.hasOwn(labels, key) && values.includes(labels[key] ?? '');
		return operator === 'in' ? isIn : labels => !isIn(labels);
	}
	const comparison = /^([^\s=!]+)\s*(==|=|!=)\s*(\S*)$/.exec(text);
	if (comparison) {
		const [, key = '', operator, value] = comparison;
		return operator === '!=' ? labels => labels[key] !== value : labels => labels[key] === value;
	}
	const existence = /^(!?)\s*([^\s=!(),]+)$/.exec(text);
	if (!existence) throw new NotModelledError(`the label selector ${text}`);
	const [, not, key = ''] = existence;
	return labels => Object.hasOwn(labels, key) === (not === '');
}
