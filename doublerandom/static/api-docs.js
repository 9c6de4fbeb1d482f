// Shows the API's document with the reader of the installed package; nothing is sent anywhere.
(function () {
  "use strict";
  var place = document.getElementById("api-docs");
  if (!place || !window.SwaggerUIBundle) return;
  window.SwaggerUIBundle({
    url: place.dataset.document,
    domNode: place,
    deepLinking: false,
    supportedSubmitMethods: [],
    presets: [window.SwaggerUIBundle.presets.apis],
  });
})();
