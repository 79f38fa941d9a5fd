/* global SwaggerUIBundle, SwaggerUIStandalonePreset */
/** The page is at `/docs` as well as at `/docs/`: this file knows its own place. */
const contract = new URL('../docs-json', document.currentScript.src).href;

window.addEventListener('load', () => {
  window.ui = SwaggerUIBundle({
    url: contract,
    dom_id: '#swagger-ui',
    deepLinking: true,
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    plugins: [SwaggerUIBundle.plugins.DownloadUrl],
    layout: 'StandaloneLayout',
  });
});
