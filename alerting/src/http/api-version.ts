/** Version of the HTTP API and of the event stream. */
export const apiVersion = '1.0.0';
