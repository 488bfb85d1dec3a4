/** A YAML file as its text: the bundle of the edge carries the mappings in itself. */
declare module '*.yaml' {
  const text: string;
  export default text;
}
