/** How deep a path is spelled out; deeper ones are plain text. */
type MaxDepth = 6;
type Deeper<Depth extends readonly 0[]> = readonly [...Depth, 0];

/** Every path that leads to a value of `T`, such as `answer.citations[0].url` or `steps[*].ms`. */
export type PathIn<T> = T extends readonly (infer Item)[] ? ItemPath<Item, []> : MemberPath<T, []>;

type MemberPath<T, Depth extends readonly 0[]> = Depth["length"] extends MaxDepth
  ? string
  : string extends keyof T
    ? string
    : {
        [Key in keyof T & string]: `${Key}${Rest<NonNullable<T[Key]>, Deeper<Depth>>}`;
      }[keyof T & string];

type ItemPath<Item, Depth extends readonly 0[]> = `[${number | "*"}]${Rest<
  NonNullable<Item>,
  Deeper<Depth>
>}`;

/** What may follow a value: nothing, or a step into it. */
type Rest<T, Depth extends readonly 0[]> = T extends readonly (infer Item)[]
  ? "" | ItemPath<Item, Depth>
  : T extends object
    ? "" | `.${MemberPath<T, Depth>}`
    : "";
