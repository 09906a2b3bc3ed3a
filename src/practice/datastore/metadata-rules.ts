import type {Metadata} from '../../core/resources.ts';
import type {ErroredField} from './errors.ts';

const subdomain = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const longestName = 253;
const longestNamePart = 63;

/** Whether a text is a DNS-1123 subdomain, which Calico's resource names are. */
export function isSubdomain(text: string): boolean {
	return new RegExp(`^${subdomain}$`).test(text);
}

/** The rules for a resource's name, labels and annotations (validateObjectMeta in libcalico-go/lib/validator/v3). */
export function metadataErrors({name, labels = {}, annotations = {}}: Metadata): readonly ErroredField[] {
	return [
		...nameErrors(name),
		...Object.keys(annotations).flatMap(key =>
			qualifiedNameErrors(key.toLowerCase()).map(reason => ({name: 'Metadata.Annotations (key)', value: key, reason})),
		),
		...Object.entries(labels).flatMap(([key, value]) => [
			...qualifiedNameErrors(key).map(reason => ({name: 'Metadata.Labels (label)', value: key, reason})),
			...labelValueErrors(value).map(reason => ({name: 'Metadata.Labels (value)', value, reason})),
		]),
	];
}

function nameErrors(name: string): readonly ErroredField[] {
	const errors: ErroredField[] = [];
	if (name.length > longestName) {
		const reason = `name is too long by ${name.length - longestName} bytes`;
		errors.push({name: 'Metadata.Name', value: name, reason});
	}
	if (!isSubdomain(name)) {
		const reason = `name must consist of lower case alphanumeric characters, '-' or '.' (regex: ${subdomain})`;
		errors.push({name: 'Metadata.Name', value: name, reason});
	}
	return errors;
}

/** IsQualifiedName of k8s.io/apimachinery/pkg/util/validation. */
function qualifiedNameErrors(key: string): readonly string[] {
	const parts = key.split('/');
	const [first = '', second] = parts;
	const pattern = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
	const examples = "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is";
	const characters = `must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character ${examples} '${pattern}')`;
	if (parts.length > 2) {
		return [`a qualified name ${characters} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
	}
	const errors: string[] = [];
	const name = second ?? first;
	if (second !== undefined) {
		if (first === '') errors.push('prefix part must be non-empty');
		else if (!isSubdomain(first)) {
			errors.push(
				`prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomain}')`,
			);
		}
	}
	if (name === '') errors.push('name part must be non-empty');
	else if (name.length > longestNamePart) errors.push('name part must be no more than 63 bytes');
	if (!new RegExp(`^${pattern}$`).test(name)) errors.push(`name part ${characters}`);
	return errors;
}

/** IsValidLabelValue of k8s.io/apimachinery/pkg/util/validation. */
function labelValueErrors(value: string): readonly string[] {
	const errors: string[] = [];
	if (value.length > longestNamePart) errors.push('must be no more than 63 bytes');
	const pattern = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?';
	if (!new RegExp(`^${pattern}$`).test(value)) {
		errors.push(
			`a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${pattern}')`,
		);
	}
	return errors;
}
