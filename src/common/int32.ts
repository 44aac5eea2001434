/** The largest value of the column type `integer`, and of `int32` in the OpenAPI document. */
export const INT32_MAX = 2_147_483_647;
