/** Where the editor and its API are. */
export const editorRoot = '/flows';
/** Where `http in` nodes are: below the editor, so behind the same guard. */
export const apiRoot = '/flows/api';
