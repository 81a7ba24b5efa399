export function packagesFolder(root: string): string;
