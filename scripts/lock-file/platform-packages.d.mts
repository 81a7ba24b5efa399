export interface MissingPackage {
  readonly name: string;
  readonly version: string;
  readonly parent: string;
}

export function missingOptional(
  packages: Readonly<Record<string, object>>,
): readonly MissingPackage[];
