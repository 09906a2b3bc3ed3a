/** A release as numbers, to be compared. */
export type Release = {readonly major: number; readonly minor: number};

/** Reads `v3.32.1`, `3.33.0-0.dev` or `v3.21`; undefined where it is no release. */
export function parseRelease(version: string): Release | undefined {
	const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
	return major === undefined || minor === undefined ? undefined : {major: Number(major), minor: Number(minor)};
}

/** Whether a release is that one or a newer one. */
export function isAtLeast({major, minor}: Release, [wantedMajor, wantedMinor]: readonly [number, number]): boolean {
	return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** As calicoctl compares versions: without `v` and everything from the first `-` (version_mismatch.go). */
export function comparable(version: string): string {
	return version.replace(/^v/, '').split('-')[0] ?? '';
}
