package dev.wspool.samples.android

import android.app.Activity
import android.os.Bundle
import android.widget.TextView
import dev.wspool.WebSocketPool
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.launch

/** Shows a price. What is to outlive it when the phone is turned is handed on from one instance to the next, as `ViewModelStore` does. */
internal class PriceActivity : Activity() {
    private lateinit var model: PriceViewModel
    private var showing: Job? = null

    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        @Suppress("DEPRECATION") // androidx is not on Maven Central
        model = lastNonConfigurationInstance as PriceViewModel? ?: newModel()
    }

    override fun onStart() {
        super.onStart()
        val text = TextView(this).also(::setContentView)
        showing = model.scope.launch { model.screen.collect { text.post { text.text = it.toString() } } }
        model.ask("KTOR")
    }

    override fun onStop() {
        showing?.cancel()
        super.onStop()
    }

    @Deprecated("androidx is not on Maven Central")
    override fun onRetainNonConfigurationInstance(): Any = model

    override fun onDestroy() {
        if (isFinishing) model.close()
        super.onDestroy()
    }

    private fun newModel(): PriceViewModel {
        val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
        return PriceViewModel(scope, { WebSocketPool("wss://prices.example.com/v2", it) }, (application as PriceApplication).states)
    }
}
