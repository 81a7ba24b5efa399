/**
 * Settings measured on spans: zstd 3, small row groups and a dictionary as large as the row group, without which a
 * column of nearly distinct ids silently gets no bloom filter and a lookup by trace id reads every row group.
 */
export const COPY_OPTIONS =
  "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3, ROW_GROUP_SIZE 20480, DICTIONARY_SIZE_LIMIT 20480";
